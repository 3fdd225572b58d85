CREATE TABLE "dataset_bad_lines" (
	"object" text NOT NULL,
	"line" integer NOT NULL,
	"reason" text NOT NULL,
	"found_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "dataset_bad_lines_object_line_pk" PRIMARY KEY("object","line")
);
--> statement-breakpoint
CREATE TABLE "dataset_clips" (
	"sha256" text PRIMARY KEY NOT NULL,
	"size_bytes" integer NOT NULL,
	"duration_ms" integer NOT NULL,
	"uploaded_by" uuid,
	"stored_at" timestamp with time zone DEFAULT now() NOT NULL,
	"is_removing" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dataset_entries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"seq" bigint GENERATED ALWAYS AS IDENTITY (sequence name "dataset_entries_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"giver_id" uuid,
	"clip" text NOT NULL,
	"duration_ms" integer NOT NULL,
	"text" text NOT NULL,
	"asr_text" text NOT NULL,
	"language" text NOT NULL,
	"level" text NOT NULL,
	"speaker" text NOT NULL,
	"recording" text NOT NULL,
	"own_recording" text NOT NULL,
	"model_id" text NOT NULL,
	"licence" text NOT NULL,
	"wording" text NOT NULL,
	"consent_at" timestamp with time zone NOT NULL,
	"given_at" timestamp with time zone DEFAULT now() NOT NULL,
	"withdrawn_at" timestamp with time zone,
	"first_version" integer,
	"tombstone_version" integer,
	"segment" text,
	"claim" uuid,
	"claimed_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "dataset_manifest" (
	"id" integer PRIMARY KEY NOT NULL,
	"generation" integer NOT NULL,
	"head" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dataset_splits" (
	"member" text PRIMARY KEY NOT NULL,
	"split" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dataset_uploads" (
	"owner_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"size_bytes" integer NOT NULL,
	"samples" integer NOT NULL,
	"received_parts" integer DEFAULT 0 NOT NULL,
	"touched_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "dataset_uploads_owner_id_sha256_pk" PRIMARY KEY("owner_id","sha256")
);
--> statement-breakpoint
CREATE TABLE "dataset_versions" (
	"number" integer PRIMARY KEY NOT NULL,
	"published_at" timestamp with time zone NOT NULL,
	"facts" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "dataset_clips" ADD CONSTRAINT "dataset_clips_uploaded_by_users_id_fk" FOREIGN KEY ("uploaded_by") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dataset_entries" ADD CONSTRAINT "dataset_entries_giver_id_users_id_fk" FOREIGN KEY ("giver_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dataset_uploads" ADD CONSTRAINT "dataset_uploads_owner_id_users_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "dataset_clips_uploaded" ON "dataset_clips" USING btree ("uploaded_by","stored_at");--> statement-breakpoint
CREATE UNIQUE INDEX "dataset_entries_clip" ON "dataset_entries" USING btree ("clip") WHERE "dataset_entries"."withdrawn_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "dataset_entries_seq" ON "dataset_entries" USING btree ("seq");--> statement-breakpoint
CREATE INDEX "dataset_entries_giver" ON "dataset_entries" USING btree ("giver_id","seq");--> statement-breakpoint
CREATE INDEX "dataset_entries_export" ON "dataset_entries" USING btree ("seq") WHERE "dataset_entries"."segment" is null;--> statement-breakpoint
CREATE INDEX "dataset_entries_segment" ON "dataset_entries" USING btree ("segment");--> statement-breakpoint
CREATE INDEX "dataset_entries_utterance" ON "dataset_entries" USING btree ("speaker","id");--> statement-breakpoint
CREATE INDEX "dataset_uploads_touched" ON "dataset_uploads" USING btree ("touched_at");